// Shortcode to character for the emoji that work messages use. An unknown shortcode is shown as typed.

const TABLE = `
+1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 ok_hand 👌 wave 👋 clap 👏 raised_hands 🙌 pray 🙏 muscle 💪
point_right 👉 point_left 👈 point_up 👆 point_down 👇 raised_hand ✋ hand ✋ handshake 🤝 v ✌️
crossed_fingers 🤞 writing_hand ✍️ eyes 👀 brain 🧠 bust_in_silhouette 👤 busts_in_silhouette 👥
speech_balloon 💬 thought_balloon 💭 smile 😄 smiley 😃 grinning 😀 grin 😁 joy 😂
slightly_smiling_face 🙂 simple_smile 🙂 blush 😊 wink 😉 sweat_smile 😅 thinking_face 🤔
neutral_face 😐 expressionless 😑 confused 😕 worried 😟 disappointed 😞 cry 😢 sob 😭 angry 😠 rage 😡
sunglasses 😎 nerd_face 🤓 sleeping 😴 mask 😷 face_with_thermometer 🤒 relieved 😌 upside_down_face 🙃
partying_face 🥳 star-struck 🤩 heart_eyes 😍 scream 😱 zipper_mouth_face 🤐 shrug 🤷 facepalm 🤦
skull 💀 robot_face 🤖 heart ❤️ orange_heart 🧡 yellow_heart 💛 green_heart 💚 blue_heart 💙
purple_heart 💜 black_heart 🖤 broken_heart 💔 white_check_mark ✅ heavy_check_mark ✔️
ballot_box_with_check ☑️ x ❌ negative_squared_cross_mark ❎ warning ⚠️ exclamation ❗
heavy_exclamation_mark ❗ bangbang ‼️ question ❓ grey_question ❔ grey_exclamation ❕
interrobang ⁉️ no_entry ⛔ no_entry_sign 🚫 octagonal_sign 🛑 rotating_light 🚨 construction 🚧 sos 🆘
information_source ℹ️ red_circle 🔴 large_orange_circle 🟠 large_yellow_circle 🟡
large_green_circle 🟢 large_blue_circle 🔵 large_purple_circle 🟣 large_brown_circle 🟤
black_circle ⚫ white_circle ⚪ radio_button 🔘 large_red_square 🟥 large_orange_square 🟧
large_yellow_square 🟨 large_green_square 🟩 large_blue_square 🟦 large_purple_square 🟪
large_brown_square 🟫 black_large_square ⬛ white_large_square ⬜ black_square_button 🔲
white_square_button 🔳 small_red_triangle 🔺 small_red_triangle_down 🔻 large_orange_diamond 🔶
large_blue_diamond 🔷 small_orange_diamond 🔸 small_blue_diamond 🔹 black_small_square ▪️
white_small_square ▫️ diamond_shape_with_a_dot_inside 💠 arrow_right ➡️ arrow_left ⬅️ arrow_up ⬆️
arrow_down ⬇️ arrow_upper_right ↗️ arrow_lower_right ↘️ arrow_heading_up ⤴️
arrow_heading_down ⤵️ leftwards_arrow_with_hook ↩️ arrow_right_hook ↪️ arrows_counterclockwise 🔄
arrows_clockwise 🔃 repeat 🔁 twisted_rightwards_arrows 🔀 fast_forward ⏩ rewind ⏪ arrow_forward ▶️
arrow_backward ◀️ double_vertical_bar ⏸️ black_square_for_stop ⏹️ heavy_plus_sign ➕
heavy_minus_sign ➖ heavy_multiplication_x ✖️ infinity ♾️ tada 🎉 confetti_ball 🎊 trophy 🏆 medal 🏅
first_place_medal 🥇 second_place_medal 🥈 third_place_medal 🥉 star ⭐ star2 🌟 sparkles ✨ fire 🔥
rocket 🚀 zap ⚡ boom 💥 100 💯 dart 🎯 gem 💎 crown 👑 gift 🎁 balloon 🎈 bell 🔔 no_bell 🔕 mega 📣
loudspeaker 📢 hourglass ⌛ hourglass_flowing_sand ⏳ alarm_clock ⏰ stopwatch ⏱️ timer_clock ⏲️
clock1 🕐 clock3 🕒 clock6 🕕 clock9 🕘 clock12 🕛 calendar 📆 date 📅 spiral_calendar_pad 🗓️ memo 📝
pencil 📝 pencil2 ✏️ clipboard 📋 pushpin 📌 round_pushpin 📍 paperclip 📎 link 🔗 bookmark 🔖 label 🏷️
book 📖 books 📚 notebook 📓 ledger 📒 page_facing_up 📄 page_with_curl 📃 newspaper 📰 scroll 📜
card_index_dividers 🗂️ file_folder 📁 open_file_folder 📂 inbox_tray 📥 outbox_tray 📤 package 📦
email 📧 envelope ✉️ mailbox 📫 chart_with_upwards_trend 📈 chart_with_downwards_trend 📉
bar_chart 📊 moneybag 💰 dollar 💵 euro 💶 credit_card 💳 receipt 🧾 briefcase 💼 office 🏢 house 🏠
factory 🏭 bank 🏦 airplane ✈️ car 🚗 train 🚆 ship 🚢 beach_with_umbrella 🏖️ palm_tree 🌴
desert_island 🏝️ mountain ⛰️ sunrise 🌅 sunny ☀️ partly_sunny ⛅ cloud ☁️ rain_cloud 🌧️
thunder_cloud_and_rain ⛈️ snowflake ❄️ rainbow 🌈 crescent_moon 🌙 earth_africa 🌍 earth_americas 🌎
earth_asia 🌏 globe_with_meridians 🌐 seedling 🌱 evergreen_tree 🌲 four_leaf_clover 🍀 rose 🌹
sunflower 🌻 coffee ☕ tea 🍵 beer 🍺 pizza 🍕 cake 🍰 birthday 🎂 apple 🍎 mag 🔍 mag_right 🔎 bulb 💡
wrench 🔧 hammer 🔨 hammer_and_wrench 🛠️ gear ⚙️ key 🔑 lock 🔒 unlock 🔓 shield 🛡️
telephone_receiver 📞 phone ☎️ iphone 📱 computer 💻 desktop_computer 🖥️ camera 📷 movie_camera 🎥
microphone 🎤 headphones 🎧 musical_note 🎵 art 🎨 test_tube 🧪 microscope 🔬 thermometer 🌡️ pill 💊
ambulance 🚑 hospital 🏥 bug 🐛 turtle 🐢 snail 🐌 bee 🐝 dog 🐶 cat 🐱 owl 🦉 penguin 🐧 unicorn_face 🦄
checkered_flag 🏁 triangular_flag_on_post 🚩 white_flag 🏳️ flag-us 🇺🇸 us 🇺🇸 gb 🇬🇧 flag-de 🇩🇪 de 🇩🇪
fr 🇫🇷 es 🇪🇸 it 🇮🇹 jp 🇯🇵 one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ six 6️⃣ seven 7️⃣ eight 8️⃣
nine 9️⃣ zero 0️⃣ keycap_ten 🔟 hash #️⃣ new 🆕 ok 🆗 up 🆙 cool 🆒 free 🆓 soon 🔜 end 🔚 back 🔙 top 🔝
on 🔛 copyright ©️ registered ®️ tm ™️ jigsaw 🧩 compass 🧭 map 🗺️ anchor ⚓ ladder 🪜 scales ⚖️
balance_scale ⚖️ broom 🧹 wastebasket 🗑️ recycle ♻️ battery 🔋 ring_buoy 🛟 parachute 🪂 magnet 🧲
abacus 🧮 ticket 🎫 admission_tickets 🎟️ door 🚪 bed 🛏️ runner 🏃 walking 🚶 slack 💬
slightly_frowning_face 🙁 white_frowning_face ☹️ hugging_face 🤗 face_with_monocle 🧐
saluting_face 🫡
`;

const words = TABLE.trim().split(/\s+/);
const EMOJI = new Map();
for (let index = 0; index + 1 < words.length; index += 2) EMOJI.set(words[index], words[index + 1]);

export const emoji = (name) => EMOJI.get(name) ?? null;

export const emojiNames = (prefix) =>
  [...EMOJI.keys()].filter((name) => name.startsWith(prefix)).slice(0, 8).map((name) => [name, EMOJI.get(name)]);
